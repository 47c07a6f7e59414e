/** A scene as pixels. */
import { fontFamily, type Mark, type Scene } from './scene.ts';

/** @param ratio pixels a unit of the scene. */
export function paint(canvas: HTMLCanvasElement, { width, height, marks }: Scene, ratio: number): void {
  // Films want even numbers of pixels.
  const even = (length: number) => 2 * Math.ceil((length * ratio) / 2);
  if (canvas.width !== even(width) || canvas.height !== even(height)) [canvas.width, canvas.height] = [even(width), even(height)];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width + 2, height + 2);
  for (const mark of marks) draw(context, mark);
}

function draw(context: CanvasRenderingContext2D, mark: Mark): void {
  switch (mark.kind) {
    case 'box':
      context.fillStyle = mark.fill;
      context.beginPath();
      context.roundRect(mark.x, mark.y, mark.width, mark.height, mark.radius ?? 0);
      context.fill();
      return;
    case 'ramp': {
      const ramp = context.createLinearGradient(mark.x, 0, mark.x + mark.width, 0);
      mark.colours.forEach((colour, at) => ramp.addColorStop(at / Math.max(1, mark.colours.length - 1), colour));
      context.fillStyle = ramp;
      context.fillRect(mark.x, mark.y, mark.width, mark.height);
      return;
    }
    case 'picture':
      context.imageSmoothingEnabled = false;
      context.drawImage(mark.source, mark.x, mark.y, mark.width, mark.height);
      return;
    case 'text':
      context.font = `${mark.weight} ${mark.size}px ${fontFamily}`;
      context.textAlign = mark.anchor === 'middle' ? 'center' : (mark.anchor ?? 'start');
      context.fillStyle = mark.fill;
      context.fillText(mark.text, mark.x, mark.y);
      return;
    case 'path': {
      const path = new Path2D();
      path.addPath(new Path2D(mark.d), new DOMMatrix([...mark.placing]));
      if (mark.fill !== undefined) {
        context.fillStyle = mark.fill;
        context.fill(path);
      }
      if (mark.stroke === undefined) return;
      context.strokeStyle = mark.stroke;
      context.lineWidth = mark.strokeWidth;
      context.stroke(path);
    }
  }
}
