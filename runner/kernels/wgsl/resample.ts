import type { MaxPoolOptions } from '../../operations/max-pool.js';
import type { WebGPUBackend } from '../../operations/tf.js';
import { tf } from '../../operations/tf.js';
import type { GpuKernel } from './program.js';
import { runProgram } from './program.js';

/** WGSL: the position of a value in an NHWC tensor, from the uniforms height, width and channels. */
const PLACE = `
  struct Place { image : i32, y : i32, x : i32, channel : i32 };
  fn placeOf(index : i32) -> Place {
    let pixel = index / uniforms.channels;
    return Place(pixel / (uniforms.height * uniforms.width), pixel / uniforms.width % uniforms.height,
                 pixel % uniforms.width, index % uniforms.channels);
  }`;

/** The gradients of resizing and pooling. Each input gathers from the outputs that it contributed to. */
export function resampleKernels(backend: WebGPUBackend) {
  const resizeGradient: GpuKernel = ({ dy }, attributes) => {
    const { height, width } = attributes as { height: number; width: number };
    const [batch, rows, columns, channels] = dy!.shape as [number, number, number, number];
    const shape = [batch, height, width, channels];
    const dx = runProgram(backend, {
      name: 'resizeGradient',
      inputs: { dy: dy! },
      output: { shape },
      integers: { values: tf.util.sizeFromShape(shape), height, width, channels, rows, columns },
      threads: tf.util.sizeFromShape(shape),
      code: `${PLACE}
        fn scaleOf(inputs : i32, outputs : i32) -> f32 {
          return select(0.0, f32(inputs - 1) / f32(max(outputs - 1, 1)), outputs > 1);
        }
        // The weight of an input in an output.
        fn share(input : i32, output : i32, inputs : i32, scale : f32) -> f32 {
          let at = f32(output) * scale;
          let low = min(i32(floor(at)), inputs - 1);
          let high = min(low + 1, inputs - 1);
          let rest = at - f32(low);
          return select(0.0, 1.0 - rest, low == input) + select(0.0, rest, high == input);
        }
        // The outputs that an input may contribute to, plus one on each side to allow for rounding.
        fn reach(input : i32, outputs : i32, scale : f32) -> vec2<i32> {
          if (scale == 0.0) { return vec2<i32>(0, outputs); }
          return vec2<i32>(max(0, i32(floor(f32(input - 1) / scale)) - 1),
                           min(outputs, i32(ceil(f32(input + 1) / scale)) + 2));
        }
        fn main(index : i32) {
          if (index >= uniforms.values) { return; }
          let place = placeOf(index);
          let vertical = scaleOf(uniforms.height, uniforms.rows);
          let horizontal = scaleOf(uniforms.width, uniforms.columns);
          let down = reach(place.y, uniforms.rows, vertical);
          let across = reach(place.x, uniforms.columns, horizontal);
          var sum = 0.0;
          for (var row = down.x; row < down.y; row++) {
            let ofRow = share(place.y, row, uniforms.height, vertical);
            if (ofRow == 0.0) { continue; }
            for (var column = across.x; column < across.y; column++) {
              let pixel = (place.image * uniforms.rows + row) * uniforms.columns + column;
              sum += ofRow * share(place.x, column, uniforms.width, horizontal) * dy[pixel * uniforms.channels + place.channel];
            }
          }
          result[index] = sum;
        }`,
    });
    return [dx];
  };

  const maxPoolGradient: GpuKernel = ({ x, y, dy }, attributes) => {
    const { size, stride, padding } = attributes as MaxPoolOptions;
    const [, height, width, channels] = x!.shape as [number, number, number, number];
    const [, rows, columns] = y!.shape as [number, number, number, number];
    const values = tf.util.sizeFromShape(x!.shape);
    const dx = runProgram(backend, {
      name: 'maxPoolGradient',
      inputs: { x: x!, y: y!, dy: dy! },
      output: { shape: x!.shape },
      integers: { values, height, width, channels, rows, columns, size, stride, padding },
      threads: values,
      code: `${PLACE}
        fn valueAt(place : Place, y : i32, x0 : i32) -> f32 {
          return x[((place.image * uniforms.height + y) * uniforms.width + x0) * uniforms.channels + place.channel];
        }
        // Whether an earlier pixel of the window has the same value: on ties the gradient goes to the first one.
        fn isPreceded(place : Place, top : i32, left : i32, value : f32) -> bool {
          for (var y = max(top, 0); y <= place.y; y++) {
            for (var x0 = max(left, 0); x0 < min(left + uniforms.size, uniforms.width); x0++) {
              if (y == place.y && x0 >= place.x) { return false; }
              if (valueAt(place, y, x0) == value) { return true; }
            }
          }
          return false;
        }
        fn main(index : i32) {
          if (index >= uniforms.values) { return; }
          let place = placeOf(index);
          let value = x[index];
          var sum = 0.0;
          for (var row = max(0, (place.y + uniforms.padding - uniforms.size + uniforms.stride) / uniforms.stride);
               row < min(uniforms.rows, (place.y + uniforms.padding) / uniforms.stride + 1); row++) {
            for (var column = max(0, (place.x + uniforms.padding - uniforms.size + uniforms.stride) / uniforms.stride);
                 column < min(uniforms.columns, (place.x + uniforms.padding) / uniforms.stride + 1); column++) {
              let output = ((place.image * uniforms.rows + row) * uniforms.columns + column) * uniforms.channels + place.channel;
              if (y[output] != value) { continue; }
              let top = row * uniforms.stride - uniforms.padding;
              let left = column * uniforms.stride - uniforms.padding;
              if (!isPreceded(place, top, left, value)) { sum += dy[output]; }
            }
          }
          result[index] = sum;
        }`,
    });
    return [dx];
  };

  return { resizeGradient, maxPoolGradient };
}
