// How the TypeScript is linted; scripts and tests in plain JavaScript get the untyped rules.
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["pkg/", "target/", "tests/packaging/"]),
  {
    files: ["src/js/**/*.ts", "src/core/browser/*.ts", "tests/js/types/**/*.ts", "www/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/only-throw-error": ["error", { allow: ["Refusal"] }],
      "@typescript-eslint/unbound-method": "off",
      complexity: ["error", 12],
      "max-lines-per-function": ["error", 40],
    },
  },
);
