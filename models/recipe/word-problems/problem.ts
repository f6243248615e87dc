/** Word problems: a story about one quantity that takes two to six steps to solve. */
import type { Operation } from "./arithmetic";
import { pick, pickWeighted } from "./draw";
import { distractorNumbers, isPossible, type Outcome, openingOutcomes, outcomesOf } from "./outcomes";
import {
  distractors,
  type Event,
  events,
  type Opening,
  openingLine,
  openings,
  productLine,
} from "./phrasings";
import { drawScene, fill, type Scene } from "./scene";
import { type Operand, type Step, solutionText, workOut } from "./solution";

export interface WordProblem {
  /** The text of the problem in one line. */
  readonly question: string;
  readonly steps: readonly Step[];
  readonly answer: number;
}

/** Numbers of steps with their weights. */
const lengths = [
  { steps: 2, weight: 30 },
  { steps: 3, weight: 30 },
  { steps: 4, weight: 22 },
  { steps: 5, weight: 11 },
  { steps: 6, weight: 7 },
];

/** Fraction of problems that contain an irrelevant number. */
const distracted = 0.25;

/** Generates a problem, which is determined by the numbers of `random` in [0,1). */
export function generateProblem(random: () => number): WordProblem {
  for (;;) {
    const story = new Story(drawScene(random), random);
    const plan = drawPlan(random);
    if (story.tell(plan)) return story.problem(plan);
  }
}

/** The model's prompt: the question and a line break. */
export function promptOf(problem: WordProblem): string {
  return `${problem.question}\n`;
}

/** The correct solution: steps and answer, one per line. */
export function rightSolution(problem: WordProblem): string {
  const equations = workOut(problem.steps);
  if (!equations) throw new Error("a number of the correct solution is out of range");
  return solutionText(equations, problem.answer);
}

interface Plan {
  readonly opening: Opening;
  readonly events: readonly Event[];
}

function drawPlan(random: () => number): Plan {
  const { steps } = pickWeighted(random, lengths);
  const opening = pickWeighted(random, openings);
  const drawn: Event[] = [];
  let left = steps - (opening.operation ? 1 : 0);
  while (left > 0) {
    const fitting = events.filter((event) => {
      const isLast = lengthOf(event) === left;
      return lengthOf(event) <= left && (event.place === "anywhere" || (event.place === "last") === isLast);
    });
    const event = pickWeighted(random, fitting);
    drawn.push(event);
    left -= lengthOf(event);
  }
  return { opening, events: drawn };
}

function lengthOf(event: Event): number {
  return event.isProduct ? 2 : 1;
}

class Story {
  private readonly sentences: string[] = [];
  private readonly steps: Step[] = [];
  private value = 0;
  private running: Operand = { value: 0 };

  constructor(
    private readonly scene: Scene,
    private readonly random: () => number,
  ) {}

  /** @returns false if no numbers fit the plan */
  tell({ opening, events: planned }: Plan): boolean {
    return this.open(opening, planned[0]) && planned.every((event, i) => this.happen(event, planned[i + 1]));
  }

  problem({ events: planned }: Plan): WordProblem {
    if (this.random() < distracted) {
      const sentence = fill(pick(this.random, distractors), this.scene, [
        pick(this.random, distractorNumbers),
      ]);
      this.sentences.splice(1 + Math.floor(this.random() * this.sentences.length), 0, sentence);
    }
    const ending = pick(this.random, planned.at(-1)?.questions ?? []);
    return {
      question: [...this.sentences, fill(ending, this.scene)].join(" "),
      steps: this.steps,
      answer: this.value,
    };
  }

  private open({ operation, phrasings }: Opening, next: Event | undefined): boolean {
    const drawn = this.draw(openingOutcomes(operation), next);
    if (!drawn) return false;
    const [a = 0, b = 0] = drawn.numbers;
    this.sentences.push(fill(pick(this.random, phrasings), this.scene, drawn.numbers));
    this.running = { value: a };
    if (operation) this.step(openingLine, { value: a }, operation, { value: b });
    this.value = drawn.result;
    return true;
  }

  private happen(event: Event, next: Event | undefined): boolean {
    const drawn = this.draw(outcomesOf(event, this.value), next);
    if (!drawn) return false;
    const [a = 0, b = 0] = drawn.numbers;
    this.sentences.push(fill(pick(this.random, event.phrasings), this.scene, drawn.numbers));
    const before = this.running;
    if (event.isProduct) this.step(productLine, { value: a }, "*", { value: b });
    this.step(event.line, before, event.operation, event.isProduct ? this.running : { value: a });
    this.value = drawn.result;
    return true;
  }

  /** Picks numbers after which the next event is still possible. */
  private draw(possible: readonly Outcome[], next: Event | undefined): Outcome | undefined {
    const fitting = possible.filter(({ result }) => !next || isPossible(next, result));
    return fitting.length > 0 ? pick(this.random, fitting) : undefined;
  }

  private step(line: string, left: Operand, operation: Operation, right: Operand): void {
    const [before = "", after = ""] = fill(line, this.scene).split("#");
    this.steps.push({ before, after, left, operation, right });
    this.running = { resultOf: this.steps.length - 1 };
  }
}
