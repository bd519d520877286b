/**
 * Every text that people read has a key. This looks for texts that do not: words between tags, in
 * attributes and fields that are shown, sentences and capitalised words anywhere, and phrases that
 * are put together.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['features', 'app', 'ui', 'tools', 'canvas', 'editor', 'net'];

/** Attributes of elements and fields of objects whose text is shown or read aloud. */
const shown = new Set(
  `aria-label aria-description aria-roledescription aria-valuetext alt title label placeholder
   description detail hint text message heading submit summary note`.split(/\s+/),
);
/** What stands in these is a name of a key or a piece of code, alike in all languages. */
const verbatim = new Set(['kbd', 'code', 'pre', 'samp', 'svg']);

const words = /\p{L}{2,}/u;
/** Addresses, units alone, names of products. */
const alike = /^(https?:\/\/\S+|[…\s]*(ms|px|kB|MB|GB)\s*|Label Studio)$/;
const sentence = /^\p{Lu}\p{L}*[’']?\p{L}*,? .*\p{Ll}/u;
const capitalised = /^\p{Lu}\p{Ll}{2,}…?$/u;
const phrase = /^…,? \p{Ll}{3,}|^\p{Lu}\p{Ll}+:? …/u;
/** A string of a stylesheet or a canvas, or a pattern. */
const drawn = /[(;|'"[]|px/;
/** Keys of the keyboard, headers, elements of other programs' files, names of products. */
const names = new Set(
  `Accept Alt Android Brush Choice Choices Chrome Collapse Comma Control Dead Delete Digit Edge
   Ellipse Enter Escape Firefox Header Home Image Insert Label Linux Location Meta Minus Number
   Opera Panel Period Polygon Process Rating Rectangle Safari Shift Shortcut Slash Space Style Tab
   Taxonomy View Windows Zoom End Backspace Backslash Equal Quote Semicolon Backquote Object`.split(
    /\s+/,
  ),
);
const key = /^[a-z][\w…-]*([./_-][\w…-]+)*$/;

function sources(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !/(\.test\.tsx?|Fixture\.ts|\.d\.ts)$/.test(path))
      .map((path) => `${folder}/${path}`),
  );
}

/** The literal texts that an expression may come to. */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [[node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('…')];
  }
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    const kept = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.QuestionQuestionToken];
    const right = literals(node.right);
    if (kept.includes(operator)) return [...literals(node.left), ...right];
    const chosen = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.AmpersandAmpersandToken];
    return chosen.includes(operator) ? right : [];
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
    return literals(node.expression);
  }
  if (ts.isJsxExpression(node) && node.expression) return literals(node.expression);
  return [];
}

/** `area.part.key`, as constants and components hand it on. */
function isKey(text: string): boolean {
  return text.includes('.') && key.test(text);
}

function isVerbatim(node: ts.JsxElement): boolean {
  const name = node.openingElement.tagName.getText();
  return (
    verbatim.has(name) || /lang=|translate="no"/.test(node.openingElement.attributes.getText())
  );
}

/** Messages for whoever reads the console, and names of modules and types. */
function isCode(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return true;
  return (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    /^(Error|TypeError|RangeError|console\.\w+)$/.test(node.expression.getText())
  );
}

function isWord(text: string): boolean {
  return capitalised.test(text) && !names.has(text.replace('…', ''));
}

function isPhrase(node: ts.Node, text: string): boolean {
  return ts.isTemplateExpression(node) && phrase.test(text) && !drawn.test(text);
}

function isShownName(name: ts.Node): boolean {
  return shown.has(name.getText().replaceAll(/['"]/g, ''));
}

export function textsOf(path: string, code: string): string[] {
  const found: string[] = [];
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, kind);
  const take = (node: ts.Node, all: string[]) => {
    const texts = all.filter((text) => !alike.test(text.trim()));
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    for (const text of texts) found.push(`${path}:${line + 1} ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (isCode(node)) return;
    if (ts.isJsxElement(node) && isVerbatim(node)) return;
    if (ts.isJsxText(node))
      take(
        node,
        [node.text].filter((text) => words.test(text)),
      );
    else if (ts.isJsxExpression(node) && isChild(node)) {
      take(
        node,
        literals(node).filter((text) => words.test(text)),
      );
    } else if (ts.isJsxAttribute(node) && isShownName(node.name) && node.initializer) {
      take(
        node,
        literals(node.initializer).filter((text) => words.test(text) && !isKey(text)),
      );
    } else if (ts.isPropertyAssignment(node) && isShownName(node.name)) {
      take(
        node,
        literals(node.initializer).filter((text) => words.test(text) && !key.test(text)),
      );
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      take(
        node,
        literals(node).filter(
          (text) => sentence.test(text) || isWord(text) || isPhrase(node, text),
        ),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...new Set(found)];
}

function isChild(node: ts.JsxExpression): boolean {
  return ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent);
}

const texts = new Map(
  sources().map((path) => [path, textsOf(path, readFileSync(`${root}/${path}`, 'utf8'))]),
);

test('every text has a key', () => {
  expect(texts.size).toBeGreaterThan(100);
  expect([...texts.values()].flat()).toEqual([]);
});

test('what counts as a text', () => {
  const code = `
    const a = <p title={busy ? 'Wait' : t('a.b')}>Hello <kbd>Esc</kbd> {n > 1 ? 'many' : null}</p>;
    const b = { title: 'commands.edit', detail: 'Nothing differed.', id: 'Some id' };
    const c = () => \`Undo \${count} steps\`;
    const d = open ? 'Edit' : 'Escape';
    const e = () => say(\`\${who} changed \${what}\`);
    const f = [\`\${size}px serif\`, \`label-\${id}\`];
    throw new Error('This is for the console');
  `;
  const found = textsOf('x.tsx', code).map((line) => line.replace(/^\S+ /, ''));
  expect(found).toEqual([
    'Wait',
    'Hello',
    'many',
    'Nothing differed.',
    'Some id',
    'Undo … steps',
    'Edit',
    '… changed …',
  ]);
});
