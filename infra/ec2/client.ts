import { EC2Client } from '@aws-sdk/client-ec2';
import { awsError } from './aws-errors.ts';

/** Anything that sends commands as the SDK's client does; tests put a mock in its place. */
export type Ec2 = Pick<EC2Client, 'send'>;

/** Credentials by the SDK's default chain only; AWS_ENDPOINT_URL is honoured by the SDK itself. */
export function ec2Client(region: string): EC2Client {
  // Throttling is answered by waiting: three attempts, the default, are soon used up by a dozen hosts.
  return new EC2Client({ region, maxAttempts: 8 });
}

/** Runs a request, and says an error of AWS in words. */
export async function asking<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw awsError(what, error);
  }
}

/** All pages of a Describe request. */
export async function allPages<Page extends { NextToken?: string | undefined }, Item>(
  page: (token: string | undefined) => Promise<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const answer: Page = await page(token);
    found.push(...(items(answer) ?? []));
    token = answer.NextToken;
  } while (token !== undefined && token !== '');
  return found;
}
