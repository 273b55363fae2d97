// Makes calls with the official Node.js SDK: one JSON job a line on stdin, one JSON result a line
// on stdout, in the order asked. A job is {address, service, version, action, params, secretId,
// secretKey, signMethod, reqMethod, headers, typed}; a result is {response} or {error}.
"use strict";

const readline = require("readline");
const sdk = "tencentcloud-sdk-nodejs-intl-en/tencentcloud";
const { ClientProfile, CommonClient, Credential, HttpProfile } = require(`${sdk}/common`);

const REGION = null; // neither service depends on one

function profileOf(job) {
  const http = new HttpProfile("http://", job.address, job.reqMethod, 60, job.headers);
  return new ClientProfile(job.signMethod, http);
}

// The generic client reaches actions that this SDK has no class for.
function askAny(job, callback) {
  const credential = new Credential(job.secretId, job.secretKey);
  const client = new CommonClient(job.address, job.version, credential, REGION, profileOf(job));
  client.request(job.action, job.params, {}, callback);
}

// The service's own client answers with the fields that this SDK's models know.
function askTyped(job, callback) {
  const service = require(`${sdk}/${job.service}`)[`v${job.version.replaceAll("-", "")}`];
  const credential = new Credential(job.secretId, job.secretKey);
  const client = new service.Client(credential, REGION, profileOf(job));
  const request = new service.Models[`${job.action}Request`]();
  request.deserialize(job.params);
  client[job.action](request, callback);
}

function ask(job) {
  return new Promise((resolve) => {
    (job.typed ? askTyped : askAny)(job, (error, response) => {
      if (error) {
        const { code, message, requestId, traceId } = error;
        resolve({ error: { code, message, requestId, traceId } });
      } else {
        resolve({ response });
      }
    });
  });
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await ask(JSON.parse(line))) + "\n");
  }
}

main();
