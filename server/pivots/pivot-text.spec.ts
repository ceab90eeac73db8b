import { beforeAll, describe, expect, it } from 'vitest';
import { BY_RATIO, pivotStudies } from '../testing/pivot-studies.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { twoRatios, pivot } = pivotStudies(server);
let study: string;

beforeAll(async () => {
  await server.registerRunner();
  study = await twoRatios();
});

describe('a table as text', () => {
  const render = async (format: string, more = '') =>
    (await pivot(study, BY_RATIO, `render(format: ${format}${more})`)).render as string;

  it('names subset and network, and marks the best', async () => {
    expect(await render('MARKDOWN')).toBe(
      [
        '| mIoU on val, network 1, newest evaluation, %: method | 1/8 | 1/4 |',
        '| --- | ---: | ---: |',
        '| Supervised | 61.00 ± 1.00 (n = 3) | 70.50 ± 0.71 (n = 2) (1 failed) |',
        '| CPS | **66.17 ± 1.61 (n = 3)** | **72.00 (n = 1) (1 queued, 1 missing)** |',
      ].join('\n'),
    );
    expect(await render('LATEX', ', details: [STD], digits: 1')).toContain(
      'CPS & \\textbf{66.2 $\\pm$ 1.6} & \\textbf{72.0 (1 queued, 1 missing)} \\\\',
    );
    expect(await render('TEXT', ', details: [GAIN]')).toContain('* 66.17 +5.17 (p = 0.007)');
    const [header, first] = (await render('CSV')).split('\r\n');
    expect(header).toBe(
      'method,split.labelledRatio,"mean of mIoU on val, network 1, newest evaluation",std,n,min,max,ci95_low,ci95_high,' +
        'completed,lacking,gain,gain_p,published,source,runs',
    );
    expect(first).toMatch(/^Supervised,1\/8,0\.61,0\.0\d+,3,0\.6,0\.62,/);
  });

  it.each([-1, 11])('has no %d digits', async (digits) => {
    await expect(render('TEXT', `, digits: ${digits}`)).rejects.toThrow(
      `digits: must be between 0 and 10; got ${digits}`,
    );
  });
});
