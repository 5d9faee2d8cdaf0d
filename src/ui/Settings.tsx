export function Settings() {
  return (
    <div class="view">
      <h1>Settings</h1>
    </div>
  );
}
