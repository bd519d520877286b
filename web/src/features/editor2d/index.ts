export { default } from './AnnotatePage';
