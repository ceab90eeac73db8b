import type { Stories } from '../stories/stories.js';
import { Scroll } from './scroll.js';

const table = (columns: number) => (
  <Scroll>
    <table>
      <tbody>
        <tr>
          {Array.from({ length: columns }, (_, index) => index * 1000).map((value) => (
            <td key={value}>{value}</td>
          ))}
        </tr>
      </tbody>
    </table>
  </Scroll>
);

export const stories: Stories = { narrow: () => table(2), 'wider than the page': () => table(60) };
