// Filters findings and modules of this page. It reads what the page says and builds no markup; a
// filter is kept in the address (#q=sharp&severity=error), so that it can be sent on.
(function () {
  'use strict';
  var form = document.getElementById('filter');
  var fields = ['q', 'severity', 'ecosystem', 'outcome'];

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  // What a row is searched by: its own text and the headings it stands under.
  function textOf(row) {
    var parts = [row.textContent];
    var holder = row.parentElement.closest('[data-holder]');
    while (holder) {
      all('[data-heading]', holder).forEach(function (heading) {
        if (heading.parentElement === holder) parts.push(heading.textContent);
      });
      all('.chain', holder).forEach(function (chain) {
        if (chain.parentElement === holder) parts.push(chain.textContent);
      });
      holder = holder.parentElement.closest('[data-holder]');
    }
    return parts.join('\n').toLowerCase();
  }

  var rows = all('[data-row]').map(function (element) {
    return { element: element, text: textOf(element) };
  });
  var holders = all('[data-holder]');

  function wanted() {
    var filter = {};
    fields.forEach(function (name) { filter[name] = form.elements[name].value.trim(); });
    return filter;
  }

  function matches(row, filter) {
    var words = filter.q.toLowerCase().split(/\s+/);
    var data = row.element.dataset;
    return words.every(function (word) { return row.text.indexOf(word) >= 0; }) &&
      (!filter.severity || data.severity.split(' ').indexOf(filter.severity) >= 0) &&
      (!filter.ecosystem || data.ecosystem === filter.ecosystem) &&
      (!filter.outcome || data.outcome === filter.outcome);
  }

  function counted(kind) {
    var of = rows.filter(function (row) { return row.element.dataset.row === kind; });
    var shown = of.filter(function (row) { return !row.element.hidden; });
    return shown.length + ' of ' + of.length + ' ' + kind + (of.length === 1 ? '' : 's');
  }

  function apply() {
    var filter = wanted();
    rows.forEach(function (row) { row.element.hidden = !matches(row, filter); });
    holders.forEach(function (holder) {
      holder.hidden = !all('[data-row]', holder).some(function (row) { return !row.hidden; });
    });
    form.querySelector('output').textContent = counted('finding') + ', ' + counted('module');
    return filter;
  }

  function keepInAddress(filter) {
    var kept = new URLSearchParams();
    fields.forEach(function (name) { if (filter[name]) kept.set(name, filter[name]); });
    try {
      history.replaceState(null, '', '#' + kept.toString());
    } catch (error) {
      // Some browsers refuse this for files. The filter works all the same.
    }
  }

  // "#q=sharp" is a filter, "#rule-MC104" a place in the page: a folded one is opened.
  function readAddress() {
    var fragment = location.hash.slice(1);
    if (fragment.indexOf('=') < 0) {
      var place = fragment && document.getElementById(fragment);
      if (place && place.tagName === 'DETAILS') place.open = true;
      return;
    }
    var given = new URLSearchParams(fragment);
    fields.forEach(function (name) { form.elements[name].value = given.get(name) || ''; });
    apply();
  }

  // Paper has no folds.
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = all('details:not([open])');
    opened.forEach(function (details) { details.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (details) { details.open = false; });
  });

  if (rows.length === 0) return;
  form.hidden = false;
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('input', function () { keepInAddress(apply()); });
  form.addEventListener('reset', function () {
    setTimeout(function () { keepInAddress(apply()); }, 0);
  });
  window.addEventListener('hashchange', readAddress);
  apply();
  readAddress();
})();
