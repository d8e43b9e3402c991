/** A tile of the Mandelbrot set, one byte for each point, and its picture. Knows no cache. */

export const COLUMNS = 320;
export const ROWS = 200;

const places = {
  "The whole": { x: -0.6, y: 0, width: 3.2 },
  "Seahorse valley": { x: -0.7436, y: 0.1318, width: 0.012 },
  "Elephant valley": { x: 0.2855, y: 0.0115, width: 0.012 },
  "A spiral": { x: -0.088, y: 0.654, width: 0.01 },
  "A small copy": { x: -1.7687, y: 0.0017, width: 0.012 },
};

/** A part of the set that is worth seeing. */
export type Place = keyof typeof places;

export const placeNames = Object.keys(places) as Place[];

const PAUSE_AFTER_MILLIS = 12;
/** The shade of points that never leave; the others have those below, over and over. */
const INSIDE = 255;

/** The shades of the points, row by row, with pauses in which the page can breathe. */
export async function drawTile(place: Place, iterations: number): Promise<Uint8Array> {
  const shades = new Uint8Array(COLUMNS * ROWS);
  let pausedAt = performance.now();
  for (let row = 0; row < ROWS; row++) {
    drawRow(shades, row, place, iterations);
    if (performance.now() - pausedAt < PAUSE_AFTER_MILLIS) continue;
    await breathe();
    pausedAt = performance.now();
  }
  return shades;
}

const { port1: near, port2: far } = new MessageChannel();
const breathing: (() => void)[] = [];

near.onmessage = () => breathing.shift()?.();

/** A message comes at once, where a timer would be slowed down in a tab that is not looked at. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    breathing.push(resolve);
    far.postMessage(undefined);
  });
}

function drawRow(shades: Uint8Array, row: number, place: Place, iterations: number): void {
  const { x, y, width } = places[place];
  const step = width / COLUMNS;
  for (let column = 0; column < COLUMNS; column++) {
    const steps = stepsToLeave(x + (column - COLUMNS / 2) * step, y + (row - ROWS / 2) * step, iterations);
    shades[row * COLUMNS + column] = steps >= iterations ? INSIDE : (4 * steps) % INSIDE;
  }
}

/** After how many steps a point leaves, smoothed; `iterations` if it stays. */
function stepsToLeave(real: number, imaginary: number, iterations: number): number {
  let [a, b] = [0, 0];
  for (let count = 0; count < iterations; count++) {
    const [squareA, squareB] = [a * a, b * b];
    if (squareA + squareB > 256) return count + 1 - Math.log2(Math.log2(squareA + squareB) / 2);
    b = 2 * a * b + imaginary;
    a = squareA - squareB + real;
  }
  return iterations;
}

/** The picture of a tile. */
export function pictureOf(shades: Uint8Array): ImageData {
  const picture = new ImageData(COLUMNS, ROWS);
  shades.forEach((shade, at) => {
    picture.data.set(colorOf(shade), 4 * at);
  });
  return picture;
}

function colorOf(shade: number): number[] {
  if (shade === INSIDE) return [12, 14, 30, 255];
  const wave = (phase: number): number => 140 + 110 * Math.cos((2 * Math.PI * shade) / INSIDE + phase);
  return [wave(3.4), wave(4.3), wave(5.2), 255];
}
