/** Interleaved values, height x width x channels, from 0 to 255 and not necessarily whole. */
export interface Raster {
  values: Float32Array;
  width: number;
  height: number;
  channels: number;
}
