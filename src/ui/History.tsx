export function History() {
  return (
    <div class="view">
      <h1>Calls</h1>
    </div>
  );
}
