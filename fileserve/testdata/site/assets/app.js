console.log("embedded")
