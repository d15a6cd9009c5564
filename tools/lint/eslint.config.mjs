// The rules for Offcut's JavaScript: the service worker, the page's first script, and what starts Python in the worker.
import js from "@eslint/js";
import globals from "globals";

const rules = {
  ...js.configs.recommended.rules,
  "default-case-last": "error",
  eqeqeq: "error",
  "no-else-return": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-self-compare": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-throw-literal": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": "error",
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "error",
  "require-atomic-updates": "error",
  yoda: "error",
};
const linterOptions = { reportUnusedDisableDirectives: "error" };

export default [
  {
    files: ["sw.js"],
    languageOptions: { sourceType: "script", globals: globals.serviceworker },
    linterOptions,
    rules,
  },
  {
    files: ["app/boot.js"],
    languageOptions: { sourceType: "script", globals: globals.browser },
    linterOptions,
    rules,
  },
  {
    files: ["worker/interpreter.mjs"],
    languageOptions: { sourceType: "module", globals: globals.worker },
    linterOptions,
    rules,
  },
];
