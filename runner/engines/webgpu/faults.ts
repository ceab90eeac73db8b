import { DeviceLost } from '../../operations/read-back.js';

const ADVICE = 'use a smaller batch, crop or network width';

/** What a GPU error that nobody waited for means to whoever trains. */
export function describeFault(error: GPUError): Error {
  const detail = firstLine(error.message);
  if (error instanceof GPUOutOfMemoryError) return new Error(`the GPU is out of memory (${detail}); ${ADVICE}`);
  if (/buffer size|binding size|larger than the max/i.test(error.message)) {
    return new Error(`a tensor is larger than this GPU allows (${detail}); ${ADVICE}`);
  }
  return new Error(`the GPU refused a command (${detail})`);
}

/** The device is gone: a driver reset, a GPU that fell off the bus, a computation that took too long. */
export function describeLoss({ reason, message }: GPUDeviceLostInfo): DeviceLost {
  return new DeviceLost(
    `the GPU device was lost (${reason}: ${firstLine(message)}); see the system's log for the driver's`,
  );
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.trim();
}
