// What a request can be refused with: a status and a sentence for whoever sent it.

/** A refusal. Fastify answers with its status; `error-answers.ts` gives it the form `{"error": "…"}`. */
export class RequestError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'RequestError';
    this.statusCode = statusCode;
  }
}
