// Formats numbers, durations and times, in either language.

/** 151 → "2:31". */
export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Local wall clock, "14:05:09". */
export function clock(milliseconds) {
  const time = new Date(milliseconds);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** "+8613800138000" → "+86 138 0013 8000"; other numbers unchanged. */
export function telephone(number) {
  return number
    .replace(/^\+86(1\d\d)(\d{4})(\d{4})$/, "+86 $1 $2 $3")
    .replace(/^\+86(400|800)(\d{3})(\d{4})$/, "+86 $1 $2 $3");
}

/** A Chinese national number ("13800138000", "021 6019 5588") in international form; any other unchanged. */
export function international(typed) {
  const number = typed.normalize("NFKC").replace(/[\s().-]/g, "");
  if (/^00[1-9]/.test(number)) return `+${number.slice(2)}`;
  if (/^(1[3-9]\d{9}|[48]00\d{7})$/.test(number)) return `+86${number}`;
  if (/^0[1-9]\d{8,11}$/.test(number)) return `+86${number.slice(1)}`;
  return /^86(1[3-9]\d{9}|[1-9]\d{8,10})$/.test(number) ? `+${number}` : number;
}

const NAMED_CODE = /(?:验证码|校验码|动态密码|动态码|\bcode|passcode|OTP)\D{0,12}?(\d{4,8})(?!\d)/i;

/** The one-time code a text carries, or null. */
export function oneTimeCode(body) {
  return NAMED_CODE.exec(body)?.[1] ?? null;
}

/** Six keys → "••••••"; the keys themselves are never shown. */
export function dots(count) {
  return "•".repeat(Math.min(count, 12));
}
