export interface FakePartner { url: string; secret: string; received: any[]; close(): Promise<void> }
export async function fakePartner(): Promise<FakePartner> { return { url: "http://127.0.0.1:1", secret: "", received: [], async close() {} } }
