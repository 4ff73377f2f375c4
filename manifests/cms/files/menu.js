document.querySelector("#menu").addEventListener("click", (event) => {
  event.currentTarget.toggleAttribute("open")
})
