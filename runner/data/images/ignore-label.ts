/** The label and pseudo-label of an ignored pixel in a batch, whatever the dataset's ignore index is. */
export const IGNORE_LABEL = 255;
