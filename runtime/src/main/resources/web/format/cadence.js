const DAILY = /^(\d+) (\d+) \* \* \*$/;
const EVERY_MINUTES = /^\*\/(\d+) \* \* \* \*$/;
const EVERY_HOURS = /^0 \*\/(\d+) \* \* \*$/;

/** A cadence as people say it; a cron expression that has no such short form stays as it is. */
export function cadence(declared) {
  const daily = declared.match(DAILY);
  const minutes = declared.match(EVERY_MINUTES);
  const hours = declared.match(EVERY_HOURS);
  if (declared === 'manual') {
    return 'by hand';
  }
  if (daily) {
    return `daily at ${daily[2].padStart(2, '0')}:${daily[1].padStart(2, '0')} UTC`;
  }
  if (minutes) {
    return `every ${minutes[1]} min`;
  }
  return hours ? `every ${hours[1]} h` : declared.replace(/^every (\d+)([a-z]+)$/, 'every $1 $2');
}
