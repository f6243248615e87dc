/** Events of a story: their sentences in the question and their line in the solution, where `#` is the equation. */
import type { Operation } from "./arithmetic";

/** The first sentence. It contains one number, or two if there is an operation, which is then the first step. */
export interface Opening {
  readonly weight: number;
  readonly operation?: "+" | "*";
  readonly phrasings: readonly string[];
}

/** A sentence that changes the quantity by a number or, with `isProduct`, by a product of two (one more step). */
export interface Event {
  readonly weight: number;
  readonly operation: Operation;
  readonly isProduct?: boolean;
  /** Possible positions in the story. */
  readonly place: "anywhere" | "middle" | "last";
  readonly phrasings: readonly string[];
  readonly line: string;
  /** Questions to ask if this is the last event. */
  readonly questions: readonly string[];
}

export const openingLine = "{Hero} starts with # {things}.";
export const productLine = "That is # {things}.";

export const openings: readonly Opening[] = [
  { weight: 5, phrasings: ["{Hero} has {a} {things}.", "{Hero} starts with {a} {things}."] },
  {
    weight: 2,
    operation: "*",
    phrasings: [
      "{Hero} has {a} {boxes} of {b} {things}.",
      "{Hero} buys {a} {boxes} with {b} {things} in each.",
    ],
  },
  {
    weight: 2,
    operation: "+",
    phrasings: [
      "{Hero} has {a} {things} at home and {b} {things} at school.",
      "{Hero} gets {a} {things} on Monday and {b} {things} on Tuesday.",
    ],
  },
];

const haveNow = ["How many {things} does {Hero} have now?", "How many {things} does {she} have in the end?"];
const haveLeft = [
  "How many {things} does {Hero} have left?",
  "How many {things} does {she} have in the end?",
];
const friendHas = ["How many {things} does {Friend} have?"];

const more: Event = {
  weight: 6,
  operation: "+",
  place: "anywhere",
  phrasings: [
    "{She} buys {a} more {things}.",
    "{She} finds {a} more {things}.",
    "{Friend} gives {her} {a} {things}.",
    "Then {she} gets {a} more {things}.",
    "The next day {she} gets {a} more {things}.",
  ],
  line: "{Hero} now has # {things}.",
  questions: haveNow,
};

const fewer: Event = {
  weight: 6,
  operation: "-",
  place: "anywhere",
  phrasings: [
    "{She} gives away {a} {things}.",
    "{She} gives {a} {things} to {Friend}.",
    "{She} loses {a} {things}.",
    "Then {she} sells {a} {things}.",
    "Then {a} of {hers} {things} go missing.",
  ],
  line: "{Hero} has # {things} left.",
  questions: haveLeft,
};

const moreOfEach: Event = {
  weight: 4,
  operation: "+",
  isProduct: true,
  place: "anywhere",
  phrasings: [
    "{She} buys {a} {boxes} of {b} {things}.",
    "{Friend} gives {her} {a} {boxes} of {b} {things}.",
    "{She} finds {a} {boxes} with {b} {things} in each.",
    "Then {she} gets {a} {things} on each of {b} days.",
  ],
  line: more.line,
  questions: haveNow,
};

const fewerOfEach: Event = {
  weight: 4,
  operation: "-",
  isProduct: true,
  place: "anywhere",
  phrasings: [
    "{She} sells {a} {boxes} of {b} {things}.",
    "{She} gives {a} {things} to each of {b} friends.",
    "{She} fills {a} {boxes} with {b} {things} each and gives them away.",
    "Then {she} loses {a} {things} on each of {b} days.",
  ],
  line: fewer.line,
  questions: haveLeft,
};

const timesAsMany: Event = {
  weight: 2,
  operation: "*",
  place: "anywhere",
  phrasings: [
    "A week later {she} has {a} times as many {things}.",
    "After a year {she} has {a} times as many {things}.",
    "Soon {she} has {a} times as many {things}.",
    "By the summer {she} has {a} times as many {things}.",
  ],
  line: "{Hero} then has # {things}.",
  questions: haveNow,
};

const keepsAPart: Event = {
  weight: 2,
  operation: "/",
  place: "middle",
  phrasings: [
    "{She} puts all {hers} {things} into {a} equal piles and keeps one pile.",
    "{She} splits all {hers} {things} into {a} equal parts and keeps one part.",
    "{She} lays all {hers} {things} in {a} equal rows and keeps one row.",
    "{She} puts all {hers} {things} equally into {a} {boxes} and keeps one {box}.",
  ],
  line: "{Hero} keeps # {things}.",
  questions: [],
};

const sharedOut: Event = {
  weight: 4,
  operation: "/",
  place: "last",
  phrasings: [
    "{She} puts all {hers} {things} equally into {a} {boxes}.",
    "{She} packs all {hers} {things} into {a} equal {boxes}.",
  ],
  line: "Each {box} holds # {things}.",
  questions: ["How many {things} are in each {box}?", "How many {things} does each {box} hold?"],
};

const sharedWithFriends: Event = {
  weight: 3,
  operation: "/",
  place: "last",
  phrasings: [
    "{She} shares all {hers} {things} equally among {a} friends.",
    "{She} gives all {hers} {things} to {a} friends, the same number to each.",
  ],
  line: "Each friend gets # {things}.",
  questions: ["How many {things} does each friend get?"],
};

const sold: Event = {
  weight: 3,
  operation: "*",
  place: "last",
  phrasings: [
    "{She} sells each {thing} for {a} euros.",
    "{She} sells all {hers} {things} for {a} euros each.",
  ],
  line: "{Hero} gets # euros.",
  questions: ["How many euros does {Hero} get?", "How many euros does {she} get for them?"],
};

const comparedTimes: Event = {
  weight: 2,
  operation: "*",
  place: "last",
  phrasings: ["{Friend} has {a} times as many {things} as {Hero}."],
  line: "{Friend} has # {things}.",
  questions: friendHas,
};

const comparedMore: Event = {
  weight: 2,
  operation: "+",
  place: "last",
  phrasings: ["{Friend} has {a} more {things} than {Hero}."],
  line: "{Friend} has # {things}.",
  questions: friendHas,
};

const comparedFewer: Event = {
  weight: 2,
  operation: "-",
  place: "last",
  phrasings: ["{Friend} has {a} fewer {things} than {Hero}."],
  line: "{Friend} has # {things}.",
  questions: friendHas,
};

export const events: readonly Event[] = [
  ...[more, fewer, moreOfEach, fewerOfEach, timesAsMany, keepsAPart],
  ...[sharedOut, sharedWithFriends, sold, comparedTimes, comparedMore, comparedFewer],
];

/** Sentences with a number that is irrelevant to the question. */
export const distractors: readonly string[] = [
  "{Friend} is {a} years old.",
  "The walk home takes {a} minutes.",
  "It is {a} degrees outside.",
  "There are {a} people in the room.",
  "{Hero} lives at number {a}.",
];
