import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const backend = process.env.ANNOTATEAI_BACKEND ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // data: URIs would need an extra source in the content security policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    // What scripts/bundle_budget.mjs reads.
    manifest: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: backend, ws: true } },
  },
});
