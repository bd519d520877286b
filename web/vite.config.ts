import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { commonPasswords } from './scripts/common_passwords';
import { routeFiles } from './scripts/route_files';

const backend = process.env.ANNOTATEAI_BACKEND ?? 'http://127.0.0.1:8080';

const entry = /[\\/]index\.html|[\\/]src[\\/]app[\\/]main\.tsx/;

export default defineConfig({
  plugins: [react(), routeFiles(), commonPasswords()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // data: URIs would need an extra source in the content security policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    // What scripts/bundle_budget.mjs reads.
    manifest: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few files instead of the hundred small ones that pages share: each costs a request
          // before the first row stands. What starts the app stays an entry of its own.
          groups: [
            { name: 'start', tags: ['$initial'], test: (id) => !entry.test(id), priority: 1 },
            { name: 'parts', test: /[\\/]lucide-react[\\/]|[\\/]src[\\/]ui[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend, ws: true } },
  },
});
