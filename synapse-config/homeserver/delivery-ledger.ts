/** What homeserver and appservice agree on about the delivery ledger (docs/adr/0020, synapse-config/modules). */

export const recorderModule = 'landbote_deliveries.DeliveryRecorder';
export const deliveriesPath = '/_landbote/v1/deliveries';
export const deliveriesModule = 'landbote_deliveries.DeliveriesEndpoint';
