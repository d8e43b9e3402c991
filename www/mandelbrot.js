// The real work: a picture of a part of the Mandelbrot set. Knows no cache.

export const places = {
  "The whole": { x: -0.6, y: 0, width: 3.2 },
  "Seahorse valley": { x: -0.7436, y: 0.1318, width: 0.012 },
  "Elephant valley": { x: 0.2855, y: 0.0115, width: 0.012 },
  "A spiral": { x: -0.088, y: 0.654, width: 0.01 },
  "A small copy": { x: -1.7687, y: 0.0017, width: 0.012 },
};

const PAUSE_AFTER_MILLIS = 12;

/** The picture, in rows, with pauses in which the page can breathe. */
export async function draw({ x, y, width }, { columns, rows, iterations }) {
  const pixels = new ImageData(columns, rows);
  const step = width / columns;
  let pausedAt = performance.now();
  for (let row = 0; row < rows; row++) {
    drawRow(pixels, row, { left: x - width / 2, height: y + (row - rows / 2) * step, step, iterations });
    if (performance.now() - pausedAt < PAUSE_AFTER_MILLIS) continue;
    await breathe();
    pausedAt = performance.now();
  }
  return pixels;
}

function breathe() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function drawRow({ data, width }, row, { left, height, step, iterations }) {
  for (let column = 0; column < width; column++) {
    const color = colorOf(escape(left + column * step, height, iterations), iterations);
    data.set(color, 4 * (row * width + column));
  }
}

/** After how many steps a point leaves, smoothed; `iterations` if it stays. */
function escape(real, imaginary, iterations) {
  let [a, b] = [0, 0];
  for (let count = 0; count < iterations; count++) {
    const [squareA, squareB] = [a * a, b * b];
    if (squareA + squareB > 256) return count + 1 - Math.log2(Math.log2(squareA + squareB) / 2);
    b = 2 * a * b + imaginary;
    a = squareA - squareB + real;
  }
  return iterations;
}

function colorOf(count, iterations) {
  if (count >= iterations) return [12, 14, 30, 255];
  const wave = (phase) => 140 + 110 * Math.cos(0.22 * count + phase);
  return [wave(3.4), wave(4.3), wave(5.2), 255];
}
