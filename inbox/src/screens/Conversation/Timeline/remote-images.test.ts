import { expect, test } from "vitest"
import { imagesFrom } from "./remote-images.ts"

const picture = '<p>Hi <img alt="logo" src="https://cdn.tracker.test/p.gif?u=1" width="1"></p>'

test("a body with images from elsewhere names its sender's mail domain, or where they are; one without asks nothing", () => {
  expect(imagesFrom(picture, "News@Shop.Example.test")).toBe("shop.example.test")
  expect(imagesFrom(picture, "+436601234567")).toBe("cdn.tracker.test")
  expect(imagesFrom('<img src="cid:logo"><p>https://a.test/</p>', "a@b.test")).toBeNull()
  expect(imagesFrom('<img src="http://[">', "a")).toBeNull()
})
