import { useScreen } from "./screen-state.ts";

/** Whose phone this is. */
export function Brand() {
  const { brand } = useScreen().phone.config;
  return (
    <div class="brand">
      {brand.logo && <img src={brand.logo} alt="" height={28} />}
      <h1>{brand.name}</h1>
    </div>
  );
}
