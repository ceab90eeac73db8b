/** What labels and pseudo-labels of a batch hold where a pixel counts nowhere, whatever the dataset calls it. */
export const IGNORE_LABEL = 255;
