// How numbers, durations and moments are written, in either language.

/** 151 → "2:31". */
export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Local wall clock, "14:05:09". */
export function clock(milliseconds) {
  const time = new Date(milliseconds);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** "+8613800138000" → "+86 138 0013 8000"; what follows no known plan is left as it is. */
export function telephone(number) {
  return number
    .replace(/^\+86(1\d\d)(\d{4})(\d{4})$/, "+86 $1 $2 $3")
    .replace(/^\+86(400|800)(\d{3})(\d{4})$/, "+86 $1 $2 $3");
}

const NAMED_CODE = /(?:验证码|校验码|动态密码|动态码|\bcode|passcode|OTP)\D{0,12}?(\d{4,8})(?!\d)/i;

/** The one-time code a text carries, or null. */
export function oneTimeCode(body) {
  return NAMED_CODE.exec(body)?.[1] ?? null;
}

/** Six keys → "••••••"; never the keys. */
export function dots(count) {
  return "•".repeat(Math.min(count, 12));
}
