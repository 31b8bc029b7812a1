import { computed } from '../vue.js';
import { get } from '../data/client.js';
import { useResource } from '../data/resource.js';
import { route } from './route.js';

let systems = null;

/** Every system of the node; read once by the shell, and shared. */
export function loadSystems() {
  systems = useResource(
    async (signal) => (await get('/systems', {}, signal)).systems ?? [],
    () => null,
  );
  return systems;
}

/** The definition of the system on show. */
export const useSystem = () => computed(() => systems?.data?.find((system) => system.name === route.system) ?? null);

/** Reads the definitions again, as next runs have moved. */
export const reloadSystems = () => systems?.reload();
