import { DeviceLost } from '../../operations/read-back.js';

const ADVICE = 'use a smaller batch, crop or network width';

/** Turns an uncaptured GPU error into one that tells users what to do. */
export function describeFault(error: GPUError): Error {
  const detail = firstLine(error.message);
  if (error instanceof GPUOutOfMemoryError) return new Error(`the GPU is out of memory (${detail}); ${ADVICE}`);
  if (/buffer size|binding size|larger than the max/i.test(error.message)) {
    return new Error(`a tensor is larger than this GPU allows (${detail}); ${ADVICE}`);
  }
  return new Error(`the GPU rejected a command (${detail})`);
}

/** Describes a lost device: the driver was reset, the GPU fell off the bus, or a computation took too long. */
export function describeLoss({ reason, message }: GPUDeviceLostInfo): DeviceLost {
  return new DeviceLost(
    `the GPU device was lost (${reason}: ${firstLine(message)}); see the system log for the driver's messages`,
  );
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.trim();
}
