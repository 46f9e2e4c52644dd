// Every screen of the open app and of the office, and how each person gets to it: first what
// stands there on the first day, then what stands there once something has happened.
import type { Tour } from "./screens.ts";
import { MEDIATOR, SOCIAL_WORKER } from "./tours/days.ts";
import { FULL_DISK, RECORDED, UPDATE } from "./tours/device.ts";
import { INSIEME } from "./tours/insieme.ts";
import { BROUGHT, HEIR, UNSENT } from "./tours/late.ts";
import { OFFICE_OF_FAMILIES, OFFICE_OF_PEOPLE } from "./tours/office.ts";
import { AGREEMENT, COURSE, READING } from "./tours/plan.ts";
import { APART, REVOKED, SUSPENDED } from "./tours/shut.ts";
import { DISPUTE, LISTS } from "./tours/together.ts";

export const TOURS: Tour[] = [
  MEDIATOR,
  SOCIAL_WORKER,
  OFFICE_OF_FAMILIES,
  OFFICE_OF_PEOPLE,
  AGREEMENT,
  READING,
  COURSE,
  INSIEME,
  DISPUTE,
  LISTS,
  UNSENT,
  HEIR,
  SUSPENDED,
  REVOKED,
  RECORDED,
  FULL_DISK,
  APART,
  BROUGHT,
  UPDATE,
];
