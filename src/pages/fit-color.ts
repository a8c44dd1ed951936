type Rgb = readonly [red: number, green: number, blue: number];

const STEP = 0.02;

/**
 * The colour nearest to `color` that can be read on `ground`: mixed with black or white, whichever leads away from the ground,
 * until their contrast (WCAG 2.2, 1.4.3) is `contrast` or more. All colours are `#rrggbb`.
 */
export function fitColor(color: string, ground: string, contrast: number): string {
  const [from, behind] = [parseColor(color), parseColor(ground)];
  const towards: Rgb = measureLight(behind) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  let share = 0;
  while (share < 1 && measureContrast(mix(from, towards, share), behind) < contrast) share += STEP;
  return writeColor(mix(from, towards, Math.min(share, 1)));
}

/** From 1 to 21. */
function measureContrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [measureLight(one), measureLight(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance, WCAG 2.2. */
function measureLight(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(one[index] * (1 - share) + other[index] * share);
  return [part(0), part(1), part(2)];
}

function parseColor(color: string): Rgb {
  const byte = (index: number) => Number.parseInt(color.slice(index, index + 2), 16);
  return [byte(1), byte(3), byte(5)];
}

function writeColor(color: Rgb): string {
  return `#${color.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
