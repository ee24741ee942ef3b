import { createRandom, type Random } from '../common/random.ts';
import { drawRank, zipfCumulative } from './zipf.ts';

/** The most frequent words first: customers' remarks, shop and device messages. */
const COMMON = (
  'the and to of a in is for on it with was order please this that not are be at delivery from have by as ' +
  'you we item our door will package has but after customer before no an or if can leave received they been ' +
  'size colour when day back your would all one new time very again gift need address only number call just ' +
  'payment there so return which out about refund two box sent up more arrived quality small good price late ' +
  'any product missing stock wrong front great service their first next were email large black ring because ' +
  'tomorrow morning afternoon neighbour office floor bell code gate account card invoice discount voucher ' +
  'confirmed cancelled replaced damaged broken fits perfect happy fast slow waiting driver parcel pickup store ' +
  'warehouse label tracking update status request reply today yesterday monday friday weekend holiday week ' +
  'month year summer winter blue red green white grey cotton leather steel glass battery charger cable screen ' +
  'sensor device gateway firmware restart signal weak strong timeout retry connected offline online reading ' +
  'temperature humidity pressure voltage threshold warning alarm normal calibration maintenance scheduled ' +
  'completed failed unknown reported error level line unit batch pallet shelf scan manual automatic team'
).split(' ');

const ONSETS = 'b br c ch d dr f fl g gr h j k l m n p pl qu r s sh sl st t th tr v w z'.split(' ');
const VOWELS = 'a e i o u ai ea ee io ou'.split(' ');
const CODAS = ['', '', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'st', 'ck', 'ng'];
const VOCABULARY = 4096;

const pick = <T>(list: readonly T[], random: Random, fallback: T): T =>
  list[random.int(list.length)] ?? fallback;

function rareWord(random: Random): string {
  let word = '';
  for (let syllable = 1 + random.int(3); syllable >= 0; syllable--) {
    word += pick(ONSETS, random, 'b') + pick(VOWELS, random, 'a') + pick(CODAS, random, '');
  }
  return word;
}

/** The same words in every corpus, whatever its seed. */
const RARE = ((): string[] => {
  const random = createRandom(0x5eed);
  return Array.from({ length: VOCABULARY - COMMON.length }, () => rareWord(random));
})();
const WORDS = [...COMMON, ...RARE];
const CUMULATIVE = zipfCumulative(WORDS.length, 1);

/**
 * Free text whose words follow Zipf's law over 4,096 words, as in natural language: codecs meet a few words
 * again and again, and a long tail of rare ones. ASCII without characters that JSON has to escape.
 */
export function text(lengthBytes: number, random: Random): string {
  let written = '';
  while (written.length < lengthBytes) {
    written += written === '' ? '' : random.int(12) === 0 ? '. ' : ' ';
    written += WORDS[drawRank(CUMULATIVE, random)] ?? '';
  }
  return written.slice(0, lengthBytes);
}
