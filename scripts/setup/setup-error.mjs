// A set-up step that could not be done: why, and the way out.

export class SetupError extends Error {
  /**
   * @param {string} reason one sentence without a full stop
   * @param {string} remedy what the user can do
   */
  constructor(reason, remedy) {
    super(reason);
    this.name = 'SetupError';
    this.remedy = remedy;
  }
}
