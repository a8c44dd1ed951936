import type { Config } from '../config/config.ts';
import type { InputDocument } from '../engine/documents.ts';
import { type Imagined, imagineRequest } from './imagine-request.ts';

/** The input document of a request that nobody sent. @throws BehalfError as `imagineRequest` */
export function imagineInput(config: Config, imagined: Imagined): InputDocument {
  return imagineRequest(config, imagined).input;
}
