/** Of groups that anyone may start without a declaration. Apart from the schemas, which the client's page does without. */

/** People beside the one who starts it; a larger group is declared. */
export const groupPeopleMax = 50;
export const groupNameLengthMax = 120;
