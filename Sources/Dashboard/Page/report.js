"use strict";

// Shows in a report the figures that it has in itself.
showFigures(JSON.parse(document.getElementById("drawn").textContent));
