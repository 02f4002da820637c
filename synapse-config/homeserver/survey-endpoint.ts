/** What homeserver and appservice agree on about the survey (docs/adr/0023, synapse-config/modules). */

export const surveyPath = '/_landbote/v1/survey';
export const surveyModule = 'landbote_survey.SurveyEndpoint';

/** Which accounts were closed. */
export const closedAccountsPath = '/_landbote/v1/closed-accounts';
export const closedAccountsModule = 'landbote_survey.ClosedAccountsEndpoint';
