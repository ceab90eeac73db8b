/** Interleaved values from 0 to 255 (need not be whole): height x width x channels. */
export interface Raster {
  values: Float32Array;
  width: number;
  height: number;
  channels: number;
}
