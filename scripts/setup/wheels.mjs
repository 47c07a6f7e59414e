// The downloads of the TensorFlow backend, pinned by version and SHA-256, and which of their files are kept.

/**
 * @typedef {object} WheelPin
 * @property {string} name package
 * @property {string} version
 * @property {string} filename
 * @property {number} bytes size of the download
 * @property {string} sha256
 * @property {(entry: string) => string | null} keep where an entry of the archive goes, or null to leave it out
 */

export const tensorflowVersion = '2.18.1';

const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;

// The whole include folder is 177 MB; the binding includes tensorflow/c/c_api.h and eager/c_api.h, which need only these.
const headers =
  /^tensorflow\/(include\/(?:tensorflow\/c\/.*|tensorflow\/core\/platform\/ctstring\w*|tsl\/platform\/ctstring\w*|xla\/tsl\/c\/\w+)\.h)$/;

/** @param {string} entry */
const keepTensorFlow = (entry) => library.exec(entry)?.[1] ?? headers.exec(entry)?.[1] ?? null;

/** @param {string} entry */
const keepSharedLibraries = (entry) => /^nvidia\/\w+\/lib\/([\w.+-]+\.so[\w.]*)$/.exec(entry)?.[1] ?? null;

/**
 * @param {string} name
 * @param {number} bytes
 * @param {string} sha256
 * @returns {WheelPin}
 */
function tensorflow(name, bytes, sha256) {
  const filename = `${name.replaceAll('-', '_')}-${tensorflowVersion}-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`;
  return { name, version: tensorflowVersion, filename, bytes, sha256, keep: keepTensorFlow };
}

/**
 * @param {string} name
 * @param {string} version
 * @param {number} bytes
 * @param {string} sha256
 * @returns {WheelPin}
 */
function cuda(name, version, bytes, sha256) {
  const filename = `${name.replaceAll('-', '_')}-${version}-py3-none-manylinux2014_x86_64.whl`;
  return { name, version, filename, bytes, sha256, keep: keepSharedLibraries };
}

/** The library itself comes first; the GPU library needs CUDA 12.5 and cuDNN 9 beside it. */
export const wheels = {
  cpu: [tensorflow('tensorflow-cpu', 230_236_181, '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298')],
  gpu: [
    tensorflow('tensorflow', 615_510_377, 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828'),
    cuda('nvidia-cublas-cu12', '12.5.3.2', 363_313_169, 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b'),
    cuda('nvidia-cuda-cupti-cu12', '12.5.82', 13_811_507, 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953'),
    cuda('nvidia-cuda-nvrtc-cu12', '12.5.82', 24_873_108, '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd'),
    cuda('nvidia-cuda-runtime-cu12', '12.5.82', 895_707, '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115'),
    cuda('nvidia-cudnn-cu12', '9.3.0.75', 577_163_502, '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d'),
    cuda('nvidia-cufft-cu12', '11.2.3.61', 192_524_114, '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8'),
    cuda('nvidia-curand-cu12', '10.3.6.82', 56_309_107, '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536'),
    cuda('nvidia-cusolver-cu12', '11.6.3.83', 130_341_232, '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b'),
    cuda('nvidia-cusparse-cu12', '12.5.1.3', 217_558_979, '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752'),
    cuda('nvidia-nccl-cu12', '2.21.5', 188_654_414, '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0'),
    cuda('nvidia-nvjitlink-cu12', '12.5.82', 21_298_879, 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212'),
  ],
};
