import { KsweepError } from '../../bench/common/errors.ts';

/** The code of an error that the SDK threw: of the service where it answered, else of what failed before. */
export function awsCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { Code, code, name } = error as { Code?: unknown; code?: unknown; name?: unknown };
  for (const found of [Code, name === 'Error' ? code : name, code]) {
    if (typeof found === 'string' && found !== '') return found;
  }
  return '';
}

const CAPACITY = new Set([
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientCapacity',
  'SpotMaxPriceTooLow',
  'MaxSpotInstanceCountExceeded',
  'Unsupported',
  'UnfulfillableCapacity',
]);

/** Whether another zone or instance type may have what this one lacks. */
export const isCapacityError = (error: unknown): boolean => CAPACITY.has(awsCode(error));

/** Whether AWS does not know the thing: right after its creation that proves nothing. */
export const isNotFound = (error: unknown): boolean => /NotFound$|NotFoundException$/.test(awsCode(error));

const NEXT_STEP: readonly (readonly [RegExp, string])[] = [
  [
    /^(CredentialsProviderError|NoCredentials|MissingAuthenticationToken|MissingAuthenticationTokenException)$/,
    'give credentials as any AWS tool takes them: `aws configure`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ],
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenProviderError)$/,
    'the session has run out: log in again (`aws sso login`), and check this machine’s clock',
  ],
  [
    /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/,
    'AWS does not accept these credentials: `aws sts get-caller-identity` shows whose they are',
  ],
  [
    /^(UnauthorizedOperation|AccessDenied|AccessDeniedException)$/,
    'ask for the permission; docs/ec2.md has the policy that ksweep needs',
  ],
  [/^OptInRequired$/, 'the account is not signed up for EC2 in this region: see the AWS console'],
  [
    /^(VcpuLimitExceeded|InstanceLimitExceeded|MaxSpotInstanceCountExceeded)$/,
    'ask for a higher quota in Service Quotas, or use fewer or smaller hosts',
  ],
  [
    /^(InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|UnfulfillableCapacity)$/,
    'AWS has none of these left there now: add zones or fallbackTypes to the role, or try again later',
  ],
  [
    /^(RequestLimitExceeded|Throttling|ThrottlingException)$/,
    'AWS limits the rate of requests: try again in a minute',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|TimeoutError|NetworkingError)$/,
    'check the network, the region’s name, and AWS_ENDPOINT_URL',
  ],
  [
    /^DependencyViolation$/,
    'something still uses it: `ksweep infra down` again, or look at the console for what ksweep did not make',
  ],
  [
    /^InvalidKeyPair\.Duplicate$/,
    'a key pair of that name was not made by this cluster: remove it or rename the cluster',
  ],
  [
    /^Invalid(AMIID|AMIName|Subnet|SubnetID|Vpc|VpcID|Group|Zone|ParameterValue)/,
    'check this value in the spec file',
  ],
];

/** What AWS or the way to it refused, in words, with the next step. */
export function awsError(what: string, error: unknown): KsweepError {
  if (error instanceof KsweepError) return error;
  const code = awsCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = NEXT_STEP.find(([pattern]) => pattern.test(code))?.[1];
  // The encoded message is long, and useless without the right to decode it.
  const short = message.replace(/ ?Encoded authorization failure message: \S+/, '');
  return new KsweepError(
    'aws-failed',
    `${what}: ${code === '' || short.includes(code) ? '' : `${code}: `}${short}`,
    {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}
