/** Brush, eraser, wand, scissors, superpixels, and conversions between shapes. */
import type { Command } from './command';

export const kMaskCommands: readonly Command[] = [];
