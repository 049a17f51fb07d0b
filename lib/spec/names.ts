/** Names of containers: the rule for given ones, and made-up ones. */

import { invalid } from "./invalid.ts";

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Returns `name` if it may be one. Throws in Podman's words. */
export function checkName(name: string): string {
  const bare = name.replace(/^\//, "");
  if (namePattern.test(bare)) return bare;
  throw invalid("running container create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument");
}

const qualities = ("agile amber ample bold brave brisk bright calm candid clever coral cosy crisp curious daring " +
  "deft dapper eager early earnest fair fearless fleet fond frank free fresh gentle glad golden grand happy hardy " +
  "honest humble jolly keen kind lively loyal lucid lucky mellow merry mild modest neat nimble noble patient placid " +
  "plucky polite proud quick quiet ready regal rosy rapid serene sharp shiny silver smart snug sober spry steady " +
  "sunny swift tender tidy tranquil trusty upbeat valiant vivid warm wise witty zesty").split(" ");

const people =
  ("abel ada agnesi amundsen anning apgar archimedes aryabhata bach banach banks barton bernoulli bessel " +
    "bohr bolzano boole brahe cantor carson cauchy celsius chandra clarke cori curie darwin descartes dirac earhart " +
    "einstein elion erdos euler faraday fermat feynman fourier franklin galileo galois gauss germain goeppert goodall " +
    "halley hamilton hawking herschel hertz hilbert hodgkin hopper hubble hypatia joule kepler kovalevskaya lagrange " +
    "lamarr laplace lavoisier leavitt leibniz linnaeus lovelace maxwell mayer meitner mendel mirzakhani nansen napier " +
    "newton noether ohm pascal pasteur planck poincare ptolemy pythagoras ramanujan riemann ritchie rontgen rubin " +
    "sagan sanger shannon somerville tesla thales tharp turing vesalius volta wallace watt wiles wu yalow").split(" ");

/** A made-up name, `brave_curie`. `random` gives numbers from 0 to below 1; after some tries a number is added. */
export function generateName(random: () => number, isTaken: (name: string) => boolean): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? "quiet";
  for (let tries = 0;; tries++) {
    const name = `${pick(qualities)}_${pick(people)}${
      tries < 4 ? "" : String(Math.floor(random() * 10 ** (tries - 2)))
    }`;
    if (!isTaken(name)) return name;
  }
}
