import type { Stories } from '../stories/stories.js';
import { SignOut } from './sign-out.js';

export const stories: Stories = { 'nobody is signed in': () => <SignOut /> };
