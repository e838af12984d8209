// Follows a notice that was open when the page was made: how many working days are left, and that it has closed.
// Days are those of Beijing.
{
  const BEIJING = 8 * 60 * 60 * 1000;

  // The form of a word for a number, by the rules of the language of the page.
  const wordFor = (count, data) => {
    const form = new Intl.PluralRules(document.documentElement.lang).select(count);
    const key = (name) => `left${name[0].toUpperCase()}${name.slice(1)}`;
    return (data[key(form)] ?? data[key("other")]).replace("{n}", count);
  };

  const follow = (period) => {
    const now = new Date();
    const today = new Date(now.getTime() + BEIJING).toISOString().slice(0, 10);
    const isOver = now > new Date(period.dataset.end);
    const days = [...period.querySelectorAll(".days li")];
    const firstDay = (day) => day.querySelector("time").dateTime;
    const lastDay = (day) => [...day.querySelectorAll("time")].at(-1).dateTime;

    for (const day of days) {
      if (isOver || lastDay(day) < today) {
        day.classList.add("past");
      } else if (firstDay(day) <= today) {
        day.classList.add("now");
        day.ariaCurrent = "date";
      }
    }

    const [tag, sentence] = period.querySelector(".state").children;
    if (isOver) {
      tag.className = "tag closed";
      tag.textContent = period.dataset.closed;
      if (sentence) sentence.textContent = period.dataset.closedText;
      for (const part of document.querySelectorAll("[data-while]")) {
        part.hidden = part.dataset.while !== "closed";
      }
    } else if (sentence && days.length > 0) {
      const left = days.filter((day) => !day.matches(".off") && firstDay(day) >= today).length;
      sentence.textContent = today === lastDay(days.at(-1)) ? period.dataset.last : wordFor(left, period.dataset);
    }
  };

  for (const period of document.querySelectorAll("[data-period]")) follow(period);
}
