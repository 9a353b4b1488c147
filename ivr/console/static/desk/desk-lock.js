// Several tabs of one agent are one desk: the tab that holds the lock has the voice, the others say so and can take over.
export function holdDesk(name, { holds, elsewhere }) {
  if (!navigator.locks) return holds();
  const keep = () => {
    holds();
    return new Promise(() => {}); // until the tab goes, or another takes it
  };
  const wait = (options) => navigator.locks.request(name, options, keep).catch(() => lost());
  const lost = () => {
    elsewhere(() => wait({ steal: true }));
    wait({});
  };
  navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? keep() : lost())).catch(lost);
}
