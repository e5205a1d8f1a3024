/** The shared worker: one hub for all tabs of the person whose number is in the worker's name. */

import { Hub } from "./hub.js";

/** @type {any} */
const scope = self;
const { person, socket, me } = JSON.parse(scope.name);
const hub = new Hub({ person, socket, me });

scope.onconnect = (/** @type {MessageEvent} */ event) => hub.attach(event.ports[0]);
