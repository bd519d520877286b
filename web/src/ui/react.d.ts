import 'react';

declare module 'react' {
  // The attribute that lets a file input take whole folders; missing from React's own types.
  interface InputHTMLAttributes<T> {
    webkitdirectory?: '';
  }
}
