import { confusionTable } from './confusion.ts';
import { writeIntoDocs } from './table.ts';

/** `npm run confusion`: prints which causes are named, and writes it into docs/why.md. */

const table = confusionTable();
console.log(table);
writeIntoDocs(table);
