// The output positions of a convolution for which a given tap is inside the image: output o reads input o * stride + shift.

/** Smallest o with o * stride + shift >= 0. */
// @ts-ignore: decorator
@inline
export function firstInside(shift: i32, stride: i32): i32 {
  return shift >= 0 ? 0 : (stride - 1 - shift) / stride;
}

/** One past the largest o below `outputs` with o * stride + shift < size. */
// @ts-ignore: decorator
@inline
export function endInside(shift: i32, stride: i32, size: i32, outputs: i32): i32 {
  const last = size - 1 - shift;
  return last < 0 ? 0 : min(outputs, last / stride + 1);
}
